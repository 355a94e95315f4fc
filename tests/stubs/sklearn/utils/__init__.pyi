from sklearn.utils import extmath as extmath
