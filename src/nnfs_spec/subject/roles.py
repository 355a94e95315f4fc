"""The names that people give to the arguments of the operations, by which recognition tells one from another."""

from typing import TypeAlias

Role: TypeAlias = frozenset[str]
"""The names, normalised, that people give to one argument of an operation."""


def _role(names: str) -> Role:
    return frozenset(names.split())


INPUTS: Role = _role(
    "inputs input x xs data inputdata features z zs values inp logits arr array vector batch inputlayer ainputs"
)
WEIGHTS: Role = _role("weights weight w ws weightmatrix kernel wt weightsmatrix")
BIASES: Role = _role("biases bias b bs biasvector biasmatrix")
PREDICTED: Role = _role(
    "ypred ypreds yhat yhats predictions prediction predicted preds pred output outputs probabilities probs prob yp "
    "softmaxoutput softmaxoutputs modeloutput predictedprobabilities ypredicted predictedclasses predictedclass "
    "inputs logits x p a yprob yproba"
)
TRUE: Role = _role(
    "ytrue target targets label labels truelabels truelabel truth groundtruth actual actuals expected t classtargets "
    "onehot onehotlabels onehotlabel ylabels ylabel ytarget ytargets trueclasses trues true yactual truevalues yt"
)
N_INPUTS: Role = _role(
    "ninputs ninput inputs input inputsize sizeinput inputdim indim insize infeatures nin fanin numinputs numinput "
    "inputfeatures inputneurons nfeatures inputcount inputscount inputunits inputnodes inputs nofinputs"
)
N_NEURONS: Role = _role(
    "nneurons nneuron neurons noutputs noutput outputs output outputsize sizeoutput outputdim outdim outsize units "
    "outfeatures nout fanout numneurons numoutputs numoutput nodes nunits numunits layersize neuroncount "
    "outputneurons neuronscount outputfeatures outputunits outputnodes nnodes numnodes hiddensize"
)
SAMPLES: Role = _role(
    "samples nsamples points npoints n pointsperclass samplesperclass numsamples numpoints numberofsamples "
    "numberofpoints nsamplesperclass npointsperclass"
)
CLASSES: Role = _role("classes nclasses k numclasses numberofclasses nclass numclass arms narms c")
